/** Addresses, phones and e-mails of a student or a guardian; phones and e-mails are links. */
import { Anchor } from '@mantine/core';

import type { Address, Email, Phone } from '../../../src/contract/students/students.ts';
import { LockIcon } from '../../shell/icons.tsx';
import type { Fact } from './record-section.tsx';
import type { FindChange } from './value-notes.ts';

interface ContactFactsInput {
  readonly addresses: readonly Address[];
  readonly phones: readonly Phone[];
  readonly emails: readonly Email[];
  readonly findChange: FindChange;
  /** Returns what is shown instead of a missing value. */
  readonly missing: (field: string) => string | undefined;
}

/** Returns phones, e-mails and addresses as facts; a missing kind is one fact with a note. */
export function contactFacts({
  addresses,
  phones,
  emails,
  findChange,
  missing,
}: ContactFactsInput): readonly Fact[] {
  return [
    ...withNotes('phones', 'Phone', phones.map(phoneFact)),
    ...withNotes('emails', 'E-mail', emails.map(emailFact)),
    ...withNotes('addresses', 'Address', addresses.map(addressFact)),
  ];

  function withNotes(field: string, name: string, facts: readonly Fact[]): readonly Fact[] {
    const change = findChange(field);
    if (facts.length === 0) return [{ name, value: null, missing: missing(field), change }];
    // The change is of the whole list.
    return facts.map((fact, index) => (index === facts.length - 1 ? { ...fact, change } : fact));
  }
}

const phoneFact = (phone: Phone): Fact => ({
  name: phone.type ?? 'Phone',
  value: <PhoneLine phone={phone} />,
});

const emailFact = (email: Email): Fact => ({
  name: email.type === null ? 'E-mail' : `E-mail, ${email.type}`,
  value: <EmailLine address={email.address} />,
});

/** A long address breaks at the sign, not within a word. */
function EmailLine({ address }: { readonly address: string }) {
  const at = address.lastIndexOf('@') + 1;
  return (
    <Anchor href={`mailto:${address}`} inherit className="contact-link">
      {address.slice(0, at)}
      <wbr />
      {address.slice(at)}
    </Anchor>
  );
}

const addressFact = (address: Address): Fact => ({
  name: addressUse(address),
  value: <AddressLines address={address} />,
});

function addressUse({ uses }: Address): string {
  if (uses.length === 2) return 'Home and mailing address';
  return uses[0] === 'mailing' ? 'Mailing address' : 'Home address';
}

/** Adds "County" unless the name already ends with such a word; Louisiana has parishes. */
const countyName = (county: string): string =>
  /\b(county|parish|borough)$/i.test(county) ? county : `${county} County`;

function AddressLines({ address }: { readonly address: Address }) {
  const place = [[address.city, address.state].filter(Boolean).join(', '), address.zip]
    .filter(Boolean)
    .join(' ');
  const lines = [...address.lines, place, address.country].filter(
    (line) => line !== null && line !== '',
  );
  return (
    <address>
      {(lines.length === 0 ? [address.text] : lines).map((line, index) => (
        <span key={index}>{line}</span>
      ))}
      {address.county !== null && <span className="quiet">{countyName(address.county)}</span>}
    </address>
  );
}

function PhoneLine({ phone }: { readonly phone: Phone }) {
  return (
    <span className="phone-line">
      <Anchor
        href={`tel:${phone.number.replaceAll(/[^\d+]/g, '')}`}
        inherit
        className="contact-link"
      >
        {phone.number}
      </Anchor>
      {phone.extension !== null && ` ext. ${phone.extension}`}
      {phone.isConfidential && (
        <span className="mark" data-tone="warning">
          <LockIcon /> Confidential
        </span>
      )}
    </span>
  );
}
