/** The frame around every screen of a signed-in person: header, last night, content. */
import { Button } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, Outlet, useNavigate } from '@tanstack/react-router';

import { type Session, signOut } from '../../src/contract/session.ts';
import { sessionQuery } from '../accounts/session-query.ts';
import { callApi } from '../api/api-client.ts';
import { LastNight } from '../imports/last-night.tsx';
import { BrandMark } from './icons.tsx';

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
  return (
    <header className="header">
      <div className="header-row">
        <Link to="/students" className="brand" aria-label={`${session.product}: students`}>
          <BrandMark />
          <span>{session.product}</span>
        </Link>
        <span className="district">{session.district.name}</span>
        <LastNight timeZone={session.district.timeZone} />
        <div className="person">
          <span className="person-name">
            {session.account.name}
            <span className="person-role">{session.account.role}</span>
          </span>
          <SignOutButton />
        </div>
      </div>
    </header>
  );
}

function SignOutButton() {
  const queries = useQueryClient();
  const navigate = useNavigate();
  const leave = useMutation({
    mutationFn: () => callApi(signOut, {}),
    onSettled: async () => {
      // Nothing of the last person's records stays in memory.
      queries.clear();
      queries.setQueryData(sessionQuery.queryKey, null);
      await navigate({ to: '/sign-in' });
    },
  });
  return (
    <Button
      size="compact-sm"
      variant="default"
      loading={leave.isPending}
      onClick={() => leave.mutate()}
    >
      Sign out
    </Button>
  );
}
