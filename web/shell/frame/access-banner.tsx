/**
 * The banner for administrators and technicians when the access to Skyward expires soon or has expired.
 *
 * This folder has the frame around every screen: menu, top bar, banners, the end of a session.
 */
import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';

import { formatDay } from '../../../src/contract/day-format.ts';
import type { District } from '../../../src/contract/districts/districts.ts';
import { districtQuery } from '../../districts/district-query.ts';
import { daysUntil } from '../dates.ts';

export function AccessBanner() {
  const { domain } = useParams({ strict: false });
  return domain !== undefined && <Banner domain={domain} />;
}

function Banner({ domain }: { readonly domain: string }) {
  // Loaded by the route.
  const { data } = useQuery({ ...districtQuery(domain), enabled: false });
  const end = data === undefined ? null : formatExpiration(data);
  return (
    end !== null && (
      <aside aria-label="Access to Skyward" className="access-banner">
        <p>
          {end}{' '}
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
  if (days < 0) return `Your Skyward access expired on ${day}. Student data isn’t being updated.`;
  if (days === 0)
    return `Your Skyward access expires today, ${day}. After that, student data won’t update.`;
  return `Your Skyward access expires on ${day}, in ${days} ${days === 1 ? 'day' : 'days'}. After that, student data won’t update.`;
}
