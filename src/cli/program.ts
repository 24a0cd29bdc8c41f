/** The `daybreak` command and all its commands, each in one line. */
import { Command } from 'commander';
import { backupCommand, restoreCommand } from './backup-command.ts';
import { districtCommand } from './district-command.ts';
import { doctorCommand } from './doctor-command.ts';
import { importCommand } from './import-command.ts';
import { probeCommand } from './probe-command.ts';
import { resealCommand } from './reseal-command.ts';
import { problemsCommand, runsCommand, studentsCommand } from './runs-command.ts';
import {
  accountCommand,
  demoCommand,
  serveCommand,
  webCommand,
  workerCommand,
} from './serve-command.ts';
import { statusCommand } from './status-command.ts';

/** Makes the command; nothing runs before it is parsed. */
export function createProgram(): Command {
  return new Command('daybreak')
    .description('Brings students and parents from Skyward Qmlativ into SameGoal, every night.')
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
}
