/**
 * What all screens share: the frame, dialogs, notices, lists and dates. This file is the frame around every screen of a
 * signed-in user: header, menu, last import and content.
 */
import { useQuery } from '@tanstack/react-query';
import { Link, Outlet, useLocation, useParams } from '@tanstack/react-router';
import { useState } from 'react';

import { writingRoles } from '../../src/contract/endpoint.ts';
import type { Session } from '../../src/contract/accounts/session.ts';
import { ReauthenticationDialog } from '../accounts/sign-in/reauthentication-dialog.tsx';
import { sessionQuery } from '../accounts/session-query.ts';
import { districtQuery } from '../districts/district-query.ts';
import { LastImport } from '../imports/last-import.tsx';
import { AccessBanner } from './access-banner.tsx';
import { ConnectionBar } from './connection-bar.tsx';
import { CreateMenu } from './create-menu.tsx';
import { BrandMark, MenuIcon } from './icons.tsx';
import { Navigation } from './navigation.tsx';
import { PersonMenu } from './person-menu.tsx';
import { SessionEnded } from './session-ended.tsx';

/**
 * Shows nothing without a session: the router leads to the sign-in page. When a session ends later, the screen stays
 * with everything that was typed, and a dialog asks to sign in again.
 */
export function AppFrame() {
  const session = useLastSession();
  if (!session) return null;
  return (
    <>
      <a className="skip-link" href="#content">
        Skip to content
      </a>
      <Header session={session} />
      <ConnectionBar />
      <AccessBanner />
      <main id="content" className="content" tabIndex={-1}>
        <Outlet />
      </main>
      <SessionEnded account={session.account} />
      <ReauthenticationDialog session={session} />
    </>
  );
}

/** Returns the last known session, also after it has ended. */
function useLastSession(): Session | undefined {
  const { data } = useQuery(sessionQuery);
  const [last, setLast] = useState(data);
  if (data && data !== last) setLast(data);
  return data ?? last ?? undefined;
}

function Header({ session }: { readonly session: Session }) {
  const params = useParams({ strict: false });
  const [isMenuOpen, setMenuOpen] = useMenuUntilNextScreen();
  // Outside of a district's screens, the user's own district is used. Technicians have none, and nothing is
  // available before two-step verification is set up.
  const own = session.account.needsTwoFactor ? undefined : session.district?.domain;
  const domain = params.domain ?? own;
  const hasAreas =
    domain !== undefined || (session.district === null && !session.account.needsTwoFactor);
  return (
    <header className="header" data-menu={isMenuOpen || undefined}>
      <div className="header-row">
        {hasAreas && (
          <button
            type="button"
            className="menu-button"
            aria-label="Menu"
            aria-expanded={isMenuOpen}
            aria-controls="areas"
            onClick={() => setMenuOpen(!isMenuOpen)}
          >
            <MenuIcon />
          </button>
        )}
        <Link to="/" className="brand" aria-label={`${session.product}: home`}>
          <BrandMark />
          <span>{session.product}</span>
        </Link>
        {domain !== undefined && <DistrictName domain={domain} session={session} />}
        {domain !== undefined && writingRoles.some((role) => role === session.account.role) && (
          <CreateMenu domain={domain} />
        )}
        <PersonMenu session={session} />
      </div>
      {hasAreas && (
        <div className="header-foot">
          <Navigation domain={domain} role={session.account.role} />
          {domain !== undefined && <DistrictLastImport domain={domain} />}
        </div>
      )}
    </header>
  );
}

/** The menu is open until the user opens another screen. */
function useMenuUntilNextScreen() {
  const path = useLocation({ select: ({ pathname }) => pathname });
  const [openAt, setOpenAt] = useState<string>();
  return [openAt === path, (isOpen: boolean) => setOpenAt(isOpen ? path : undefined)] as const;
}

function DistrictName({ domain, session }: { readonly domain: string; readonly session: Session }) {
  const { data: district } = useQuery(districtQuery(domain));
  const name = district?.name ?? domain;
  return (
    <span className="district">
      {session.district === null ? (
        <Link to="/districts" title="Switch district">
          {name}
        </Link>
      ) : (
        name
      )}
    </span>
  );
}

function DistrictLastImport({ domain }: { readonly domain: string }) {
  const { isSuccess } = useQuery(districtQuery(domain));
  return isSuccess && <LastImport domain={domain} />;
}
