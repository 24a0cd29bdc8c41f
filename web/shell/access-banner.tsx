/** On every screen of those who look after a district: the access to Skyward ends soon, or has ended. */
import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';

import { formatDay } from '../../src/contract/day-format.ts';
import type { District } from '../../src/contract/districts/districts.ts';
import { districtQuery } from '../districts/district-query.ts';
import { daysUntil } from './dates.ts';

export function AccessBanner() {
  const { domain } = useParams({ strict: false });
  return domain !== undefined && <Banner domain={domain} />;
}

function Banner({ domain }: { readonly domain: string }) {
  // Loaded by the route; the banner only looks on.
  const { data } = useQuery({ ...districtQuery(domain), enabled: false });
  const end = data === undefined ? null : formatExpiration(data);
  return (
    end !== null && (
      <aside aria-label="Access to Skyward" className="access-banner">
        <p>
          <strong>{end}</strong> Extend it in Skyward, else no night brings anything new.{' '}
          <Link to="/help/$page" params={{ page: 'setup' }} hash="later">
            How to extend it
          </Link>
        </p>
      </aside>
    )
  );
}

function formatExpiration({ accessExpiresOn, today }: District): string | null {
  if (accessExpiresOn === null) return null;
  const days = daysUntil(today, accessExpiresOn);
  const day = formatDay(accessExpiresOn);
  if (days < 0) return `The access to Skyward expired on ${day}.`;
  if (days === 0) return `The access to Skyward expires today, ${day}.`;
  return `The access to Skyward expires on ${day}, in ${days} ${days === 1 ? 'day' : 'days'}.`;
}
