/** A running import as it goes on: phase, rows, pace. Follows the server's events. */
import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';

import {
  importEvents,
  type ImportEvent,
  type ImportProgress,
  importsApi,
} from '../../src/contract/imports.ts';
import { apiAddress } from '../api/api-client.ts';
import { useDomain } from '../districts/district-query.ts';
import { invalidateImports } from './import-queries.ts';
import { StopButton } from './import-buttons.tsx';
import { formatCount, formatSeconds, phaseLabels } from './run-labels.ts';

/**
 * How far the run is. The browser connects anew by itself when the connection breaks; each event says all
 * there is to know. With the last one everything about imports is asked anew.
 */
function useRunProgress(runId: number): ImportProgress | undefined {
  const domain = useDomain();
  const queries = useQueryClient();
  const [progress, setProgress] = useState<ImportProgress>();
  useEffect(() => {
    const source = new EventSource(
      apiAddress(importsApi.followImport.path, { domain, id: `${runId}` }),
    );
    const take = ({ data }: MessageEvent<string>) => {
      const event = parseEvent(data);
      if (event?.progress) setProgress(event.progress);
    };
    const end = () => {
      source.close();
      void invalidateImports(queries, domain);
    };
    // Refused rather than interrupted (signed out, say): the next question tells why.
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
    return importsApi.followImport.response.safeParse(JSON.parse(data)).data;
  } catch {
    return undefined;
  }
}

interface RunProgressProps {
  readonly runId: number;
  readonly isDryRun: boolean;
  /** What is known before the first event. */
  readonly known: ImportProgress | null;
  readonly mayStop: boolean;
}

export function RunProgress({ runId, isDryRun, known, mayStop }: RunProgressProps) {
  const progress = useRunProgress(runId) ?? known;
  const phase = progress?.phase ?? 'connecting';
  return (
    <section className="run-progress" aria-label="The import under way">
      <div className="run-progress-head">
        <p>
          <strong>{isDryRun ? 'A dry run is under way' : 'An import is under way'}</strong>
          {progress && <span> · {formatSeconds(progress.elapsedSeconds)} so far</span>}
        </p>
        {mayStop && <StopButton isCancelling={progress?.isCancelling ?? false} />}
      </div>
      <ol className="run-phases">
        {Object.entries(phaseLabels).map(([name, words]) => (
          <li
            key={name}
            data-place={getPhasePosition(name, phase)}
            aria-current={name === phase && 'step'}
          >
            {words}
          </li>
        ))}
      </ol>
      {progress && phase === 'reading' && <Reading progress={progress} />}
      {/* Only phases are read out; the numbers would never let one finish. */}
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
  const { rows, rowsExpected, rowsPerSecond, object, objectRows } = progress;
  const parts = [
    rows !== null && `${formatCount(rows)} rows`,
    rowsPerSecond !== null && rowsPerSecond > 0 && `${formatCount(rowsPerSecond)} a second`,
    object !== null && `${object}${objectRows === null ? '' : ` (${formatCount(objectRows)})`}`,
  ].filter((part) => part !== false);
  return (
    <>
      {rowsExpected !== null && rowsExpected > 0 && (
        <progress
          className="run-bar"
          aria-label="Rows read, measured by the last night"
          max={rowsExpected}
          value={Math.min(rows ?? 0, rowsExpected)}
        />
      )}
      <p className="quiet run-pace">{parts.join(' · ')}</p>
    </>
  );
}
