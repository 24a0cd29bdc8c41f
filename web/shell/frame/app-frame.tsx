/** The frame around every screen of a signed-in user: menu, top bar, banners, content. */
import './navigation.css';
import './top-bar.css';

import { useQuery } from '@tanstack/react-query';
import { Outlet, useParams } from '@tanstack/react-router';
import { useState } from 'react';

import type { Session } from '../../../src/contract/accounts/session.ts';
import { ReauthenticationDialog } from '../../accounts/sign-in/reauthentication-dialog.tsx';
import { sessionQuery } from '../../accounts/session-query.ts';
import { AccessBanner } from './access-banner.tsx';
import { ConnectionBar } from './connection-bar.tsx';
import { BottomBar, Sidebar } from './navigation.tsx';
import { SessionEnded } from './session-ended.tsx';
import { TopBar } from './top-bar.tsx';

/**
 * Shows nothing without a session: the router leads to the sign-in page. When a session ends later, the screen stays
 * with everything that was typed, and a dialog asks to sign in again.
 */
export function AppFrame() {
  const session = useLastSession();
  const params = useParams({ strict: false });
  if (!session) return null;
  // Nothing is available before a required two-step verification is set up.
  const hasMenu = !session.account.needsTwoFactor;
  // Outside of a district's screens, the user's own district is used. Technicians have none.
  const domain = hasMenu ? (params.domain ?? session.district?.domain) : undefined;
  return (
    <>
      <a className="skip-link" href="#content">
        Skip to content
      </a>
      <div className="frame" data-menu={hasMenu || undefined}>
        {hasMenu && <Sidebar session={session} domain={domain} />}
        <div className="page">
          <TopBar session={session} domain={domain} />
          <ConnectionBar />
          <AccessBanner />
          <main id="content" className="content" tabIndex={-1}>
            <Outlet />
          </main>
        </div>
        {hasMenu && <BottomBar session={session} domain={domain} />}
      </div>
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
