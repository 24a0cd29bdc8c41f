/** Formats the report of a probe for a terminal. */
import type { Need, ProbeReport, ReportedObject } from './probe-report.ts';

const rule = (title: string) => ['', title];

/** Returns the report as text. */
export function probeReportText(report: ProbeReport): string {
  const { when, requests, seconds, isComplete, stop } = report;
  const lines = [
    `Probed on ${when}: ${requests} requests in ${seconds} s${isComplete ? '' : '; not everything was checked'}.`,
    tokenSentence(report),
    ...(stop === null ? [] : [`The probe ended early: ${stop.message}.`, `  ${stop.advice}`]),
    ...rule('What an import needs'),
    ...needLines(report.needs),
    ...rule('Objects'),
    ...objectLines(report.objects),
    ...rule('Formats of this Skyward'),
    ...switchLines(report),
  ];
  return lines.join('\n');
}

function tokenSentence({ token }: ProbeReport): string {
  const tried = Object.entries(token.tried).map(([form, came]) => `${form} ${came}`);
  const how = tried.length === 0 ? 'nothing was tried' : tried.join(', ');
  const vendor = token.sendsIntegrationToken
    ? "the vendor's integration token is sent"
    : 'no integration token is sent';
  return token.form === null
    ? `No token: ${how}; ${vendor}.`
    : `Token by ${token.form} (${how}; ${vendor}).`;
}

const needLines = (needs: readonly Need[]): string[] =>
  needs.length === 0
    ? ['  Nothing is missing, judging by the sampled rows.']
    : needs.map(
        ({ isRequired, sentence }) => `  ${isRequired ? 'MISSING' : 'look   '}  ${sentence}`,
      );

function objectLines(objects: readonly ReportedObject[]): string[] {
  const width = Math.max(...objects.map(({ object }) => object.length));
  return objects.flatMap(({ object, required, state, how, fields, refusedFields }) => {
    const words = how === null ? state : `${state} (${how})`;
    const line = `  ${object.padEnd(width)}  ${words}${required ? ', required' : ''}`;
    if (state !== 'granted') return [line];
    return [
      line,
      ...Object.entries(fields).map(([field, fieldState]) => {
        const rejection = refusedFields[field];
        return `    ${field}: ${fieldState}${rejection === undefined ? '' : ` (${rejection})`}`;
      }),
    ];
  });
}

function switchLines({ switches, untold }: ProbeReport): string[] {
  const width = Math.max(...Object.keys(switches).map((name) => name.length));
  return Object.entries(switches).map(
    ([name, value]) => `  ${name.padEnd(width)}  ${value ?? `? ${untold[name] ?? ''}`}`,
  );
}
