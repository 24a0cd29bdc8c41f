/** Addresses, phones and e-mails of a student or a guardian. */
import { Anchor } from '@mantine/core';

import type { Address, Email, Phone } from '../../../src/contract/students.ts';
import { LockIcon } from '../../shell/icons.tsx';

interface ContactDetailsProps {
  readonly addresses: readonly Address[];
  readonly phones: readonly Phone[];
  readonly emails: readonly Email[];
}

export function ContactDetails({ addresses, phones, emails }: ContactDetailsProps) {
  if (addresses.length + phones.length + emails.length === 0) {
    return <p className="nothing">No address, phone or e-mail recorded</p>;
  }
  return (
    <dl className="facts contact">
      {addresses.map((address, index) => (
        <div key={`address ${index}`}>
          <dt>{addressUse(address)}</dt>
          <dd>
            <AddressLines address={address} />
          </dd>
        </div>
      ))}
      {phones.map((phone, index) => (
        <div key={`phone ${index}`}>
          <dt>{phone.type ?? 'Phone'}</dt>
          <dd>
            <PhoneLine phone={phone} />
          </dd>
        </div>
      ))}
      {emails.map((email, index) => (
        <div key={`email ${index}`}>
          <dt>{email.type === null ? 'E-mail' : `E-mail, ${email.type}`}</dt>
          <dd>
            <Anchor href={`mailto:${email.address}`} inherit>
              {email.address}
            </Anchor>
          </dd>
        </div>
      ))}
    </dl>
  );
}

function addressUse({ uses }: Address): string {
  if (uses.length === 2) return 'Home and mailing address';
  return uses[0] === 'mailing' ? 'Mailing address' : 'Home address';
}

/** Some districts keep the word in the county's name, some do not; Louisiana has parishes. */
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
