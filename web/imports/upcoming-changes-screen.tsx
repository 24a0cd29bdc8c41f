/** Status changes ahead: what is on hold, how next year's enrollments count, and what dates will change. */
import './upcoming.css';

import { Button } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';

import { formatDay } from '../../src/contract/day-format.ts';
import {
  type SettingOutlook,
  type UpcomingChanges,
  type UpcomingDay,
  upcomingChangesApi,
} from '../../src/contract/imports/upcoming-changes.ts';
import { countStudents } from '../../src/contract/imports/upcoming-text.ts';
import { statusLabels } from '../../src/enrollment/enrollment-status.ts';
import { nextSchoolYearLabels } from '../../src/enrollment/status-settings.ts';
import { callApi } from '../api/api-client.ts';
import { useDomain } from '../districts/district-query.ts';
import { type DataColumn, DataTable } from '../shell/data-table.tsx';
import { EmptyState, LoadingRows } from '../shell/list-state.tsx';
import { useNotice } from '../shell/notices.tsx';
import { ProblemNotice } from '../shell/problem-notice.tsx';
import { ScreenTitle } from '../shell/screen-title.tsx';
import { DateHoldCard, SchoolList } from './date-hold-card.tsx';
import { invalidateUpcoming, upcomingChangesQuery } from './upcoming-queries.ts';

/** For administrators and technicians. */
export function UpcomingChangesScreen() {
  const { data, error, refetch } = useQuery(upcomingChangesQuery(useDomain()));
  return (
    <div className="screen">
      <ScreenTitle name="Upcoming changes">Upcoming changes</ScreenTitle>
      <p className="quiet upcoming-text">
        These changes come from the enrollments that are in Skyward now. If a date would change many
        students at once, they keep their status until you decide.
      </p>
      <DateHoldCard isOnItsPage />
      {error && data === undefined && (
        <ProblemNotice
          title="Couldn’t load the upcoming changes"
          error={error}
          onRetry={() => void refetch()}
        />
      )}
      {!error && data === undefined && <LoadingRows label="Loading the upcoming changes" />}
      {data && <Forecast forecast={data.forecast} />}
    </div>
  );
}

function Forecast({ forecast }: { readonly forecast: UpcomingChanges['forecast'] }) {
  if (forecast === null) {
    return (
      <EmptyState title="No imports yet">
        Changes are listed here a minute after the first import of the district.
      </EmptyState>
    );
  }
  return (
    <>
      <h2 className="section-title">End of the school year</h2>
      <p className="upcoming-text">
        {forecast.yearEnd} {forecast.unknown}
      </p>
      <Settings settings={forecast.settings} />
      <h2 className="section-title">By date</h2>
      <p className="quiet upcoming-date">As of {formatDay(forecast.asOf)}.</p>
      <Days days={forecast.days} />
    </>
  );
}

function Settings({ settings }: { readonly settings: readonly SettingOutlook[] }) {
  const domain = useDomain();
  const queries = useQueryClient();
  const notify = useNotice();
  const change = useMutation({
    mutationFn: (setting: SettingOutlook['setting']) =>
      callApi(upcomingChangesApi.setNextSchoolYear, { domain, body: { setting } }),
    onSuccess: async ({ before }, setting) => {
      await invalidateUpcoming(queries, domain);
      notify({
        message: 'Setting saved. The statuses are updated within a minute.',
        ...(before !== setting && { undo: () => change.mutate(before) }),
      });
    },
  });
  const columns = listSettingColumns((setting) => change.mutate(setting), change.isPending);
  return (
    <>
      <DataTable
        caption="What each setting would change"
        columns={columns}
        rows={settings}
        rowId={({ setting }) => setting}
        secondLine={({ today, inactive }) =>
          `${format(today)} today · ${format(inactive)} Inactive later`
        }
        empty={null}
      />
      {change.error && <ProblemNotice title="Couldn’t save the setting" error={change.error} />}
    </>
  );
}

const listSettingColumns = (
  onChoose: (setting: SettingOutlook['setting']) => void,
  isPending: boolean,
): readonly DataColumn<SettingOutlook>[] => [
  {
    key: 'setting',
    label: 'Enrollments of the next school year count before it starts for',
    cell: ({ setting, isProposed }) => (
      <>
        {nextSchoolYearLabels[setting]}
        {isProposed && <span className="upcoming-mark">Proposed</span>}
      </>
    ),
  },
  { key: 'today', label: 'Change today', align: 'end', cell: ({ today }) => format(today) },
  {
    key: 'inactive',
    label: 'Inactive later',
    align: 'end',
    cell: ({ inactive }) => format(inactive),
  },
  {
    key: 'choose',
    label: 'Choose',
    isLabelHidden: true,
    staysOnPhone: true,
    align: 'end',
    cell: ({ setting, isPresent, isProposed }) =>
      isPresent ? (
        <span className="quiet">In use</span>
      ) : (
        <Button
          size="compact-sm"
          variant={isProposed ? 'filled' : 'default'}
          disabled={isPending}
          aria-label={`Use: ${nextSchoolYearLabels[setting]}`}
          onClick={() => onChoose(setting)}
        >
          Use
        </Button>
      ),
  },
];

const format = (count: number): string => count.toLocaleString('en-US');

type Row = UpcomingDay['changes'][number] & {
  readonly key: string;
  readonly on: string;
  readonly isOnHold: boolean;
};

/** Shown at first; a district has about one change a day. */
const firstRows = 50;

const dayColumns: readonly DataColumn<Row>[] = [
  {
    key: 'date',
    label: 'Date',
    cell: ({ on, isOnHold }) => (
      <>
        {formatDay(on)}
        {isOnHold && (
          <span className="upcoming-mark" data-tone="warning">
            Will be on hold
          </span>
        )}
      </>
    ),
  },
  { key: 'students', label: 'Students', align: 'end', cell: ({ students }) => format(students) },
  {
    key: 'change',
    label: 'Change',
    cell: ({ from, to }) => `${statusLabels[from]} → ${statusLabels[to]}`,
  },
  { key: 'reason', label: 'Why', isMinor: true, cell: ({ reason }) => reason },
  {
    key: 'schools',
    label: 'Schools',
    cell: ({ schools }) => {
      const [only] = schools;
      return schools.length === 1 ? (
        (only?.school ?? 'No school')
      ) : (
        <details className="upcoming-schools">
          <summary>{schools.length} schools</summary>
          <SchoolList schools={schools} />
        </details>
      );
    },
  },
];

function Days({ days }: { readonly days: readonly UpcomingDay[] }) {
  const [isAll, setAll] = useState(false);
  const rows = days.flatMap(({ on, onHold, changes }) =>
    changes.map((change): Row => ({
      ...change,
      on,
      key: `${on} ${change.from} ${change.to} ${change.reason}`,
      isOnHold: onHold > 0 && change.to !== 'ENROLLED',
    })),
  );
  return (
    <>
      <DataTable
        caption="Status changes by date"
        columns={dayColumns}
        rows={isAll ? rows : rows.slice(0, firstRows)}
        rowId={({ key }) => key}
        rowTone={({ isOnHold }) => (isOnHold ? 'warning' : undefined)}
        secondLine={({ students, from, to }) =>
          `${countStudents(students)}: ${statusLabels[from]} → ${statusLabels[to]}`
        }
        empty={
          <EmptyState title="No changes ahead">
            No date in the enrollments of today changes a status.
          </EmptyState>
        }
      />
      {!isAll && rows.length > firstRows && (
        <Button variant="default" mt="sm" onClick={() => setAll(true)}>
          Show all {format(rows.length)} changes
        </Button>
      )}
    </>
  );
}
