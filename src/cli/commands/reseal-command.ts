/** `daybreak reseal`. */
import { Command } from 'commander';

export function resealCommand(): Command {
  return new Command('reseal')
    .summary('seal all secrets with the current sealing key')
    .description(
      'Seals all secrets with the current key and format. Run it once after an upgrade whose notes say so. To rotate the sealing key without downtime: set DAYBREAK_SEALING_KEY to the new key and DAYBREAK_FORMER_SEALING_KEYS to the old one for every process, restart them, run this command once, and remove the old key. Safe to run twice.',
    )
    .action(async () => {
      const { resealEverything } = await import('./reseal.ts');
      await resealEverything();
    });
}
