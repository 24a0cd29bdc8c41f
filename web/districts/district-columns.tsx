/**
 * The columns of the list of districts.
 *
 * This folder knows the open district, and has the list of districts.
 */
import { Link } from '@tanstack/react-router';

import { formatDay } from '../../src/contract/day-format.ts';
import type { DistrictOverview } from '../../src/contract/districts/districts.ts';
import {
  assessImports,
  formatAge,
  getStateTone,
  importStateLabels,
} from '../imports/import-state.ts';
import { formatCount } from '../imports/run-labels.ts';
import type { DataColumn } from '../shell/data-table.tsx';
import { formatInstant } from '../shell/dates.ts';
import {
  daysToExpiry,
  findTurn,
  formatChange,
  formatExpiry,
  formatStateDetail,
  getImportTime,
  rankTrouble,
} from './district-state.ts';

type Column = DataColumn<DistrictOverview>;

/** Returns the columns; ages and states are those at `now`. */
export const listDistrictColumns = (now: number): readonly Column[] => [
  {
    key: 'name',
    label: 'District',
    sort: ({ name }) => name,
    cell: ({ name, domain }) => (
      <>
        <Link to="/a/$domain" params={{ domain }} className="row-link">
          {name}
        </Link>
        <span className="quiet district-detail">{domain}</span>
      </>
    ),
  },
  {
    key: 'import',
    label: 'Last import',
    sort: getImportTime,
    cell: ({ status: { lastCompleted }, timeZone }) =>
      lastCompleted === null ? (
        <span className="quiet">None yet</span>
      ) : (
        <time dateTime={lastCompleted.at} title={formatInstant(lastCompleted.at, timeZone)}>
          {formatAge(lastCompleted.at, timeZone, now)}
        </time>
      ),
  },
  {
    key: 'state',
    label: 'State',
    sort: (district) => rankTrouble(district, now),
    cell: (district) => <State district={district} now={now} />,
  },
  {
    key: 'students',
    label: 'Students',
    align: 'end',
    sort: ({ students }) => students?.total ?? null,
    cell: ({ students }) =>
      students && (
        <>
          {formatCount(students.total)}
          <span className="quiet district-change">{formatChange(students.change)}</span>
        </>
      ),
  },
  {
    key: 'access',
    label: 'Access expires',
    sort: ({ accessExpiresOn }) => accessExpiresOn,
    cell: (district) => <Access district={district} />,
  },
  {
    key: 'setup',
    label: 'Setup',
    isMinor: true,
    sort: (district) => findTurn(district)?.text ?? null,
    cell: (district) => <Setup district={district} />,
  },
  {
    key: 'mail',
    label: 'Last e-mail',
    isMinor: true,
    sort: ({ lastMail }) => lastMail?.receivedAt ?? null,
    cell: ({ lastMail, timeZone }) =>
      lastMail && (
        <Link to="/support">
          {formatAge(lastMail.receivedAt, timeZone, now)}
          {lastMail.needsReview && ' · needs review'}
        </Link>
      ),
  },
];

interface StateProps {
  readonly district: DistrictOverview;
  readonly now: number;
}

function State({ district, now }: StateProps) {
  const { status } = district;
  const detail = formatStateDetail(district, now);
  return (
    <>
      <span className="state-mark" data-tone={getStateTone(status, now)}>
        {importStateLabels[assessImports(status, now)]}
      </span>
      {detail !== null && <span className="quiet district-detail">{detail}</span>}
    </>
  );
}

function Access({ district }: { readonly district: DistrictOverview }) {
  const { accessExpiresOn } = district;
  if (accessExpiresOn === null) return null;
  const days = daysToExpiry(district);
  if (days === null) return formatDay(accessExpiresOn);
  return (
    <span
      className="state-mark"
      data-tone={days <= 7 ? 'bad' : 'warning'}
      title={formatDay(accessExpiresOn)}
    >
      {formatExpiry(days)}
    </span>
  );
}

function Setup({ district }: { readonly district: DistrictOverview }) {
  const turn = findTurn(district);
  if (turn === null) return null;
  const { request } = district;
  return request === null ? (
    <span className="quiet">{turn.text}</span>
  ) : (
    <>
      <Link
        to="/support/$districtId/$requestId"
        params={{ districtId: `${request.districtId}`, requestId: `${request.id}` }}
      >
        {turn.text}
      </Link>
      {turn.isOurs && <strong> · our turn</strong>}
    </>
  );
}
