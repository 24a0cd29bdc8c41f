/** Prints errors at the terminal. */

/**
 * Prints on standard error what happened and what to do next. Of an unexpected error only the name and code
 * are printed, because its message may contain personal data; `DAYBREAK_DEBUG=1` prints all of it.
 */
export function printError(error: unknown): void {
  const lines: string[] = [];
  if (error instanceof Error && 'advice' in error && typeof error.advice === 'string') {
    lines.push(error.message, error.advice);
  } else if (error instanceof Error) {
    const code = 'code' in error ? ` (${String(error.code)})` : '';
    lines.push(
      `Unexpected error: ${error.name}${code}.`,
      'Run the command again with DAYBREAK_DEBUG=1 for details and send them to support. They may contain student data.',
    );
  } else lines.push('Unexpected error.');
  if (process.env['DAYBREAK_DEBUG'] && error instanceof Error) lines.push(error.stack ?? '');
  process.stderr.write(`${lines.join('\n')}\n`);
}
