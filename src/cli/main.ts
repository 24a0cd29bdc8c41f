/** Runs the `daybreak` command. */
import { tellFault } from './command-fault.ts';
import { createProgram } from './program.ts';

try {
  await createProgram().parseAsync();
} catch (error) {
  tellFault(error);
  process.exitCode = 1;
}
