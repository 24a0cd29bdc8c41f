/** The live progress of a running import: phase, rows and speed, from the server's events. */
import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';

import {
  importEvents,
  type ImportEvent,
  importReportApi,
} from '../../src/contract/imports/import-report.ts';
import type { ImportProgress } from '../../src/contract/imports/import-runs.ts';
import { apiAddress } from '../api/api-client.ts';
import { useDomain } from '../districts/district-query.ts';
import { invalidateImports } from './import-queries.ts';
import { CancelButton } from './import-buttons.tsx';
import { formatCount, formatSeconds, phaseLabels } from './run-labels.ts';

/**
 * Returns the progress of a run. The browser reconnects automatically, and each event is complete. After the last
 * event, everything about imports is refetched.
 */
function useRunProgress(runId: number): ImportProgress | undefined {
  const domain = useDomain();
  const queries = useQueryClient();
  const [progress, setProgress] = useState<ImportProgress>();
  useEffect(() => {
    const source = new EventSource(
      apiAddress(importReportApi.followImport.path, { domain, id: `${runId}` }),
    );
    const take = ({ data }: MessageEvent<string>) => {
      const event = parseEvent(data);
      if (event?.progress) setProgress(event.progress);
    };
    const end = () => {
      source.close();
      void invalidateImports(queries, domain);
    };
    // Closed means rejected, such as after signing out, and not interrupted: the next query shows why.
    const fail = () => source.readyState === EventSource.CLOSED && end();
    source.addEventListener(importEvents.progress, take);
    source.addEventListener(importEvents.ended, end);
    source.addEventListener('error', fail);
    return () => source.close();
  }, [domain, runId, queries]);
  return progress;
}

function parseEvent(data: string): ImportEvent | undefined {
  try {
    return importReportApi.followImport.response.safeParse(JSON.parse(data)).data;
  } catch {
    return undefined;
  }
}

interface RunProgressProps {
  readonly runId: number;
  readonly isDryRun: boolean;
  /** The progress before the first event. */
  readonly known: ImportProgress | null;
  readonly mayCancel: boolean;
}

export function RunProgress({ runId, isDryRun, known, mayCancel }: RunProgressProps) {
  const progress = useRunProgress(runId) ?? known;
  const phase = progress?.phase ?? 'connecting';
  return (
    <section className="run-progress" aria-label="Running import">
      <div className="run-progress-head">
        <p>
          <strong>{isDryRun ? 'Dry run in progress' : 'Import in progress'}</strong>
          {progress && <span> · {formatSeconds(progress.elapsedSeconds)} elapsed</span>}
        </p>
        {mayCancel && <CancelButton isCancelling={progress?.isCancelling ?? false} />}
      </div>
      <ol className="run-phases">
        {Object.entries(phaseLabels).map(([name, label]) => (
          <li
            key={name}
            data-place={getPhasePosition(name, phase)}
            aria-current={name === phase && 'step'}
          >
            {label}
          </li>
        ))}
      </ol>
      {progress && phase === 'reading' && <Reading progress={progress} />}
      {/* Only phases are announced; numbers change too fast for a screen reader. */}
      <output className="visually-hidden">{phaseLabels[phase]}</output>
    </section>
  );
}

function getPhasePosition(name: string, current: string): 'done' | 'now' | 'later' {
  const order = Object.keys(phaseLabels);
  const [mine, now] = [order.indexOf(name), order.indexOf(current)];
  if (mine === now) return 'now';
  return mine < now ? 'done' : 'later';
}

function Reading({ progress }: { readonly progress: ImportProgress }) {
  const { rows, rowsExpected, rowsPerSecond, objectLabel, objectRows } = progress;
  const parts = [
    rows !== null && `${formatCount(rows)} records`,
    rowsPerSecond !== null && rowsPerSecond > 0 && `${formatCount(rowsPerSecond)} per second`,
    objectLabel !== null &&
      `${objectLabel}${objectRows === null ? '' : ` (${formatCount(objectRows)})`}`,
  ].filter((part) => part !== false);
  return (
    <>
      {rowsExpected !== null && rowsExpected > 0 && (
        <progress
          className="run-bar"
          aria-label="Records read, compared with the last import"
          max={rowsExpected}
          value={Math.min(rows ?? 0, rowsExpected)}
        />
      )}
      <p className="quiet run-pace">{parts.join(' · ')}</p>
    </>
  );
}
