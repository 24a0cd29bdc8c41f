/** Runs the `daybreak` command. */
import { printError } from './error-output.ts';
import { createProgram } from './program.ts';

// Whoever reads the output may have enough of it (`| head`): that ends the command, quietly.
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
