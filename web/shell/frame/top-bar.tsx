/** The bar at the top of every page: district, student search, last import, creating, help, account. */
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';

import type { Session } from '../../../src/contract/accounts/session.ts';
import { writingRoles } from '../../../src/contract/endpoint.ts';
import { districtQuery } from '../../districts/district-query.ts';
import { LastImport } from '../../imports/last-import.tsx';
import { StudentFinder } from '../../students/search/student-finder.tsx';
import { CreateMenu } from './create-menu.tsx';
import { LineIcon } from '../icons.tsx';
import { PersonMenu } from './person-menu.tsx';

interface TopBarProps {
  readonly session: Session;
  /** Undefined outside of a district. */
  readonly domain: string | undefined;
}

export const TopBar = ({ session, domain }: TopBarProps) => (
  <header className="top-bar">
    {domain === undefined ? (
      <span className="top-bar-name">{session.product}</span>
    ) : (
      <DistrictName domain={domain} isTechnician={session.district === null} />
    )}
    {domain !== undefined && <StudentFinder domain={domain} />}
    {domain !== undefined && <DistrictLastImport domain={domain} />}
    <div className="top-bar-actions">
      {domain !== undefined && writingRoles.some((role) => role === session.account.role) && (
        <CreateMenu domain={domain} />
      )}
      <Link to="/help" className="top-bar-button top-bar-help" aria-label="Help" title="Help">
        <LineIcon name="help" />
      </Link>
      <PersonMenu session={session} />
    </div>
  </header>
);

interface DistrictNameProps {
  readonly domain: string;
  /** Technicians have more than one district, and a way back to the others. */
  readonly isTechnician: boolean;
}

function DistrictName({ domain, isTechnician }: DistrictNameProps) {
  const { data: district } = useQuery(districtQuery(domain));
  const name = district?.name ?? domain;
  if (!isTechnician) return <span className="top-bar-name">{name}</span>;
  return (
    <nav aria-label="District" className="top-bar-name">
      <Link to="/districts">Districts</Link>
      <span aria-hidden> / </span>
      <span aria-current="location">{name}</span>
    </nav>
  );
}

function DistrictLastImport({ domain }: { readonly domain: string }) {
  const { isSuccess } = useQuery(districtQuery(domain));
  return isSuccess && <LastImport domain={domain} />;
}
