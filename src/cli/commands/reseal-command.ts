/** `daybreak reseal`. */
import { Command } from 'commander';

export function resealCommand(): Command {
  return new Command('reseal')
    .summary('seal every secret with the sealing key of today')
    .description(
      'Seals every secret in the form of today. Run it once after an upgrade whose notes say so. It also changes the sealing key without a pause: give the new one as DAYBREAK_SEALING_KEY and the one before as DAYBREAK_FORMER_SEALING_KEYS to every process, restart them, run this once, and leave the former key away again. Safe to run twice.',
    )
    .action(async () => {
      const { resealEverything } = await import('./reseal.ts');
      await resealEverything();
    });
}
