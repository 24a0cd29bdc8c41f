/** The home page of a district: one for those who manage it, one for everyone else. */
import './home.css';

import { useQuery } from '@tanstack/react-query';

import { administers } from '../../src/contract/endpoint.ts';
import { sessionQuery } from '../accounts/session-query.ts';
import { ScreenTitle } from '../shell/screen-title.tsx';
import { AdministratorHome } from './administrator-home.tsx';
import { StaffHome } from './staff-home.tsx';

export function HomeScreen() {
  const { data: session } = useQuery(sessionQuery);
  if (!session) return null;
  return (
    <div className="screen">
      <ScreenTitle name="Home">Home</ScreenTitle>
      {administers(session.account.role) ? <AdministratorHome /> : <StaffHome />}
    </div>
  );
}
