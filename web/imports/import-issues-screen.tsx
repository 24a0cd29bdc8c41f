/** The open import issues of the district: data problems of the last import, by kind, with students. */
import './run.css';

import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';

import { type OpenProblems, problemsPerPage } from '../../src/contract/imports/import-issues.ts';
import { useDistrict, useDomain } from '../districts/district-query.ts';
import { formatInstant } from '../shell/dates.ts';
import { SearchField } from '../shell/fields/search-field.tsx';
import { EmptyState, LoadingRows } from '../shell/list-state.tsx';
import { Pager } from '../shell/pager.tsx';
import { ProblemNotice } from '../shell/problem-notice.tsx';
import { ScreenTitle } from '../shell/screen-title.tsx';
import { type IssueSearch, openProblemsQuery } from './import-queries.ts';
import { IssueList } from './issue-list.tsx';
import { formatCount } from './run-labels.ts';

/** For administrators and technicians. */
export function ImportIssuesScreen() {
  const domain = useDomain();
  const navigate = useNavigate();
  const query = useSearch({ from: '/signed-in/a/$domain/import-issues' });
  const { data, error, isPlaceholderData, refetch } = useQuery(openProblemsQuery(domain, query));
  const onQueryChange = (search: IssueSearch) =>
    void navigate({
      to: '/a/$domain/import-issues',
      params: { domain },
      search,
      replace: true,
      resetScroll: false,
    });
  return (
    <div className="screen run">
      <ScreenTitle name="Import issues">Import issues</ScreenTitle>
      <p className="quiet">
        Problems with the data in Skyward. Correct them there; the next import updates the students.
      </p>
      {error && data === undefined && (
        <ProblemNotice
          title="Couldn’t load the import issues"
          error={error}
          onRetry={() => void refetch()}
        />
      )}
      {!error && data === undefined && <LoadingRows label="Loading the import issues" />}
      {data && (
        <div aria-busy={isPlaceholderData}>
          <OpenIssues data={data} query={query} onQueryChange={onQueryChange} />
        </div>
      )}
    </div>
  );
}

interface OpenIssuesProps {
  readonly data: OpenProblems;
  readonly query: IssueSearch;
  readonly onQueryChange: (search: IssueSearch) => void;
}

function OpenIssues({ data, query, onQueryChange }: OpenIssuesProps) {
  const { run, kinds, rows, total, page } = data;
  if (run === null) {
    return (
      <EmptyState title="No imports yet">
        Issues are listed here after the first import of the district.
      </EmptyState>
    );
  }
  if (kinds.length === 0) {
    return (
      <EmptyState title="No import issues">
        <ImportLine run={run} /> It found no problems with the data.
      </EmptyState>
    );
  }
  const chosen = kinds.find(({ kind }) => kind === query.kind);
  const titles = new Map(kinds.map(({ kind, title }) => [kind, title]));
  const listed = chosen?.count ?? kinds.reduce((sum, { count }) => sum + count, 0);
  return (
    <>
      <p className="quiet">
        <ImportLine run={run} />
      </p>
      <KindFilter
        kinds={kinds}
        chosen={query.kind}
        onChoose={(kind) => onQueryChange({ kind, search: query.search })}
      />
      <SearchField
        placeholder="Name or student number"
        label="Search the issues by name or student number"
        value={query.search ?? ''}
        onSearch={(search) =>
          onQueryChange({ kind: query.kind, search: search.trim() || undefined })
        }
      />
      {chosen?.advice && <Advice kind={chosen.kind} advice={chosen.advice} />}
      {rows.length === 0 ? (
        <EmptyState title="No matching issues">
          You can search for part of a name or number. Remove a filter to see more.
        </EmptyState>
      ) : (
        <div className="issue-frame">
          <IssueList
            issues={rows}
            {...(chosen === undefined && {
              titleOf: (kind: string) => titles.get(kind) ?? 'Another data problem',
            })}
          />
        </div>
      )}
      {query.search === undefined && listed > total && (
        <p className="quiet">Only the first {formatCount(total)} are listed.</p>
      )}
      <Pager
        page={page}
        pages={Math.ceil(total / problemsPerPage)}
        onPage={(next) => onQueryChange({ ...query, page: next > 1 ? next : undefined })}
      />
    </>
  );
}

function ImportLine({ run }: { readonly run: NonNullable<OpenProblems['run']> }) {
  const { domain, timeZone } = useDistrict();
  const moment = run.finishedAt ?? run.startedAt;
  return (
    <>
      Last read from Skyward <time dateTime={moment}>{formatInstant(moment, timeZone)}</time>.{' '}
      <Link to="/a/$domain/imports/$runId" params={{ domain, runId: `${run.id}` }}>
        View import report
      </Link>
    </>
  );
}

/** Kinds about two records of one student; they are compared under Duplicates. */
const duplicateKinds: ReadonlySet<string> = new Set([
  'number-shared',
  'number-used-before',
  'identity-changed',
]);

function Advice({ kind, advice }: { readonly kind: string; readonly advice: string }) {
  const domain = useDomain();
  return (
    <p className="issue-advice">
      {advice}
      {duplicateKinds.has(kind) && (
        <>
          {' '}
          <Link to="/a/$domain/duplicates" params={{ domain }}>
            Open Duplicates
          </Link>
        </>
      )}
    </p>
  );
}

interface KindFilterProps {
  readonly kinds: OpenProblems['kinds'];
  readonly chosen: string | undefined;
  readonly onChoose: (kind: string | undefined) => void;
}

function KindFilter({ kinds, chosen, onChoose }: KindFilterProps) {
  const all = kinds.reduce((sum, { count }) => sum + count, 0);
  const choices = [{ kind: undefined, title: 'All', count: all }, ...kinds];
  return (
    <fieldset className="run-numbers">
      <legend className="visually-hidden">Type of issue</legend>
      {choices.map(({ kind, title, count }) => (
        <button
          key={kind ?? 'all'}
          type="button"
          className="run-number"
          aria-pressed={chosen === kind}
          onClick={() => onChoose(chosen === kind ? undefined : kind)}
        >
          <span className="run-number-count">{formatCount(count)}</span> {title}
        </button>
      ))}
    </fieldset>
  );
}
