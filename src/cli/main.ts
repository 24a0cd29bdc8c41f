/** Runs the `daybreak` command. */
import { printError } from './error-output.ts';
import { createProgram } from './program.ts';

// The reader of the output may close it early (`| head`): exit without an error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
});

try {
  await createProgram().parseAsync();
} catch (error) {
  printError(error);
  process.exitCode = 1;
}
