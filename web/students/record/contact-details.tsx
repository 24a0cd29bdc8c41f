/** Addresses, phones and e-mails of a student or a guardian. */
import { Anchor } from '@mantine/core';

import type { Address, Email, Phone } from '../../../src/contract/students/students.ts';
import { LockIcon } from '../../shell/icons.tsx';
import { Facts } from './record-section.tsx';
import type { FindSource } from './value-source.ts';

interface ContactDetailsProps {
  readonly addresses: readonly Address[];
  readonly phones: readonly Phone[];
  readonly emails: readonly Email[];
  /** A guardian's language, shown last. */
  readonly language?: string | null;
  readonly sources: FindSource;
}

export function ContactDetails({
  addresses,
  phones,
  emails,
  language,
  sources,
}: ContactDetailsProps) {
  if (addresses.length + phones.length + emails.length === 0 && !language) {
    return <p className="nothing">No address, phone or e-mail recorded</p>;
  }
  return (
    <Facts
      className="contact"
      facts={[
        ...addresses.map(
          (address) =>
            [
              addressUse(address),
              <AddressLines key="a" address={address} />,
              sources('addresses'),
            ] as const,
        ),
        ...phones.map(
          (phone) =>
            [
              phone.type ?? 'Phone',
              <PhoneLine key="p" phone={phone} />,
              sources('phones'),
            ] as const,
        ),
        ...emails.map(
          (email) =>
            [
              email.type === null ? 'E-mail' : `E-mail, ${email.type}`,
              <Anchor key="e" href={`mailto:${email.address}`} inherit>
                {email.address}
              </Anchor>,
              sources('emails'),
            ] as const,
        ),
        ...(language ? [['Language', language, sources('language')] as const] : []),
      ]}
    />
  );
}

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
    <>
      <Anchor href={`tel:${phone.number.replaceAll(/[^\d+]/g, '')}`} inherit>
        {phone.number}
      </Anchor>
      {phone.extension !== null && ` ext. ${phone.extension}`}
      {phone.isConfidential && (
        <span className="mark" data-tone="warning">
          <LockIcon /> Confidential
        </span>
      )}
    </>
  );
}
