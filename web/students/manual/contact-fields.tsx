/**
 * Fields for addresses, phones and e-mail addresses of a student or guardian.
 *
 * This folder has the form of a manual student.
 */
import { Button, Checkbox, TextInput } from '@mantine/core';
import type { ReactNode } from 'react';

import {
  type ContactDraft,
  type DraftProblems,
  emptyAddress,
  emptyEmail,
  emptyPhone,
} from './student-draft.ts';

interface ContactFieldsProps {
  /** Prefix of the problem paths: `guardians.0.`, or empty. */
  readonly path: string;
  /** Whose contact data; part of each button's accessible name. */
  readonly of: string;
  readonly value: ContactDraft;
  readonly problems: DraftProblems;
  readonly onChange: (change: Partial<ContactDraft>) => void;
}

export function ContactFields({ path, of, value, problems, onChange }: ContactFieldsProps) {
  const problem = (field: string) => problems.get(`${path}${field}`);
  return (
    <>
      <Rows
        name="phone"
        of={of}
        rows={value.phones}
        empty={emptyPhone}
        onChange={(phones) => onChange({ phones })}
      >
        {(phone, index, change) => (
          <>
            <TextInput
              label="Phone"
              type="tel"
              value={phone.number ?? ''}
              error={problem(`phones.${index}.number`)}
              onChange={(event) => change({ number: event.currentTarget.value })}
            />
            <TextInput
              label="Type"
              value={phone.type ?? ''}
              onChange={(event) => change({ type: event.currentTarget.value })}
            />
            <TextInput
              label="Extension"
              value={phone.extension ?? ''}
              error={problem(`phones.${index}.extension`)}
              onChange={(event) => change({ extension: event.currentTarget.value })}
            />
            <Checkbox
              label="Confidential"
              checked={phone.isConfidential}
              onChange={(event) => change({ isConfidential: event.currentTarget.checked })}
            />
          </>
        )}
      </Rows>
      <Rows
        name="e-mail"
        of={of}
        rows={value.emails}
        empty={emptyEmail}
        onChange={(emails) => onChange({ emails })}
      >
        {(email, index, change) => (
          <TextInput
            label="E-mail"
            type="email"
            value={email.address}
            error={problem(`emails.${index}.address`)}
            onChange={(event) => change({ address: event.currentTarget.value })}
          />
        )}
      </Rows>
      <Rows
        name="address"
        of={of}
        rows={value.addresses}
        empty={emptyAddress}
        onChange={(addresses) => onChange({ addresses })}
      >
        {(address, index, change) => (
          <AddressFields
            address={address}
            problem={(field) => problem(`addresses.${index}.${field}`)}
            onChange={change}
          />
        )}
      </Rows>
    </>
  );
}

interface AddressFieldsProps {
  readonly address: ContactDraft['addresses'][number];
  readonly problem: (field: string) => string | undefined;
  readonly onChange: (change: Partial<ContactDraft['addresses'][number]>) => void;
}

const addressTexts = [
  ['street', 'Street or PO box'],
  ['unit', 'Apartment or unit'],
  ['city', 'City'],
  ['state', 'State'],
  ['zip', 'ZIP code'],
] as const;

function AddressFields({ address, problem, onChange }: AddressFieldsProps) {
  const use = (name: 'home' | 'mailing', isUsed: boolean) =>
    onChange({
      uses: (['home', 'mailing'] as const).filter((one) =>
        one === name ? isUsed : address.uses.includes(one),
      ),
    });
  return (
    <>
      {addressTexts.map(([field, label]) => (
        <TextInput
          key={field}
          label={label}
          value={address[field] ?? ''}
          error={problem(field)}
          onChange={(event) => onChange({ [field]: event.currentTarget.value })}
        />
      ))}
      <Checkbox
        label="Lives here"
        checked={address.uses.includes('home')}
        error={problem('uses')}
        onChange={(event) => use('home', event.currentTarget.checked)}
      />
      <Checkbox
        label="Gets mail here"
        checked={address.uses.includes('mailing')}
        onChange={(event) => use('mailing', event.currentTarget.checked)}
      />
    </>
  );
}

interface RowsProps<Row> {
  readonly name: string;
  readonly of: string;
  readonly rows: readonly Row[];
  readonly empty: Row;
  readonly onChange: (rows: Row[]) => void;
  readonly children: (row: Row, index: number, change: (part: Partial<Row>) => void) => ReactNode;
}

/** A list of rows of fields that can be added and removed. */
function Rows<Row extends object>({ name, of, rows, empty, onChange, children }: RowsProps<Row>) {
  return (
    <div className="typed-rows">
      {rows.map((row, index) => (
        // Rows have no key of their own.
        <fieldset className="typed-row" key={index}>
          <legend className="visually-hidden">{`${name} ${index + 1} of ${of}`}</legend>
          {children(row, index, (part) =>
            onChange(rows.map((one, place) => (place === index ? { ...one, ...part } : one))),
          )}
          <Button
            variant="subtle"
            color="gray"
            size="xs"
            aria-label={`Remove ${name} ${index + 1} of ${of}`}
            onClick={() => onChange(rows.filter((_, place) => place !== index))}
          >
            Remove
          </Button>
        </fieldset>
      ))}
      <Button
        variant="default"
        size="xs"
        aria-label={`Add ${name} of ${of}`}
        onClick={() => onChange([...rows, empty])}
      >
        Add {name}
      </Button>
    </div>
  );
}
