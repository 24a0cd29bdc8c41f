/** The frame around every screen of a signed-in person: header, last night, content. */
import { useQuery } from '@tanstack/react-query';
import { Link, Outlet, useParams } from '@tanstack/react-router';

import type { Session } from '../../src/contract/session.ts';
import { sessionQuery } from '../accounts/session-query.ts';
import { districtQuery } from '../districts/district-query.ts';
import { LastNight } from '../imports/last-night.tsx';
import { BrandMark } from './icons.tsx';
import { Navigation } from './navigation.tsx';
import { PersonMenu } from './person-menu.tsx';

/** Shows nothing while the session is unknown: the router leads to the sign-in then. */
export function AppFrame() {
  const { data: session } = useQuery(sessionQuery);
  if (!session) return null;
  return (
    <>
      <a className="skip-link" href="#content">
        Skip to the content
      </a>
      <Header session={session} />
      <main id="content" className="content" tabIndex={-1}>
        <Outlet />
      </main>
    </>
  );
}

function Header({ session }: { readonly session: Session }) {
  const params = useParams({ strict: false });
  // On screens outside of a district, one's own; a technician chooses one, and nothing is open before a
  // second factor that is wanted.
  const own = session.account.needsTwoFactor ? undefined : session.district?.domain;
  const domain = params.domain ?? own;
  return (
    <header className="header">
      <div className="header-row">
        <Link to="/" className="brand" aria-label={`${session.product}: first page`}>
          <BrandMark />
          <span>{session.product}</span>
        </Link>
        {domain !== undefined && <DistrictLine domain={domain} session={session} />}
        <PersonMenu session={session} />
      </div>
      {domain !== undefined && <Navigation domain={domain} role={session.account.role} />}
    </header>
  );
}

function DistrictLine({ domain, session }: { readonly domain: string; readonly session: Session }) {
  const { data: district } = useQuery(districtQuery(domain));
  return (
    <>
      <span className="district">
        {session.district === null ? (
          <Link to="/districts" title="Choose another district">
            {district?.name ?? domain}
          </Link>
        ) : (
          (district?.name ?? domain)
        )}
      </span>
      {district !== undefined && <LastNight domain={domain} />}
    </>
  );
}
