/** The `daybreak` command. Each area adds its own command in one line. */
import { Command } from 'commander';
import { statusCommand } from './status-command.ts';

const program = new Command('daybreak')
  .description('Brings students and parents from Skyward Qmlativ into SameGoal, every night.')
  .showHelpAfterError('(add --help for the options)');

program.addCommand(statusCommand());

try {
  await program.parseAsync();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
