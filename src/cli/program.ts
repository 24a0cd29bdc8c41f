/** The `daybreak` command line: its subcommands, whose files are in commands/. */
import { readFileSync } from 'node:fs';

import { Command, Help } from 'commander';
import { accountCommand } from './commands/account-command.ts';
import { backupCommand, restoreCommand } from './commands/backup-command.ts';
import { demoCommand } from './commands/demo-command.ts';
import { districtCommand } from './commands/district-command.ts';
import { doctorCommand } from './commands/doctor-command.ts';
import { importCommand } from './commands/import-command.ts';
import { probeCommand } from './commands/probe-command.ts';
import { resealCommand } from './commands/reseal-command.ts';
import { problemsCommand, runsCommand, studentsCommand } from './commands/listing-commands.ts';
import { serveCommand, webCommand, workerCommand } from './commands/serve-command.ts';
import { statusCommand } from './commands/status-command.ts';

const packageFile = new URL('../../package.json', import.meta.url);

/** Creates the command; nothing runs until it is parsed. */
export function createProgram(): Command {
  const { version } = JSON.parse(readFileSync(packageFile, 'utf8')) as { version: string };
  const program = new Command('daybreak')
    .version(version, '--version', 'show the version')
    .description('Imports students and parents from Skyward Qmlativ into SameGoal every night.')
    .showHelpAfterError('(add --help for the options)')
    .addCommand(demoCommand())
    .addCommand(statusCommand())
    .addCommand(districtCommand())
    .addCommand(importCommand())
    .addCommand(runsCommand())
    .addCommand(problemsCommand())
    .addCommand(studentsCommand())
    .addCommand(accountCommand())
    .addCommand(serveCommand())
    .addCommand(webCommand())
    .addCommand(workerCommand())
    .addCommand(doctorCommand())
    .addCommand(probeCommand())
    .addCommand(backupCommand())
    .addCommand(restoreCommand())
    .addCommand(resealCommand());
  markRequiredOptions(program);
  return program;
}

/** Marks required options in the help of all commands. */
function markRequiredOptions(command: Command): void {
  const plain = new Help();
  command.configureHelp({
    optionDescription: (option) =>
      `${plain.optionDescription(option)}${option.mandatory ? ' (required)' : ''}`,
  });
  for (const one of command.commands) markRequiredOptions(one);
}
