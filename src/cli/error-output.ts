/** How a fault is told at the terminal. */

/**
 * Says on standard error what happened and what to do next. An error that is not one of ours is told by
 * its kind alone: its words could hold a value of a person. `DAYBREAK_DEBUG=1` shows all of it.
 */
export function printError(error: unknown): void {
  const lines: string[] = [];
  if (error instanceof Error && 'advice' in error && typeof error.advice === 'string') {
    lines.push(error.message, error.advice);
  } else if (error instanceof Error) {
    const code = 'code' in error ? ` (${String(error.code)})` : '';
    lines.push(
      `A fault that Daybreak does not know: ${error.name}${code}.`,
      'Run the command again with DAYBREAK_DEBUG=1 to see all of it, and send that to support; it may name a student.',
    );
  } else lines.push('A fault that Daybreak does not know.');
  if (process.env['DAYBREAK_DEBUG'] && error instanceof Error) lines.push(error.stack ?? '');
  process.stderr.write(`${lines.join('\n')}\n`);
}
