/** The `--port` option of the commands that serve the web app. */
import { InvalidArgumentError } from 'commander';

export const portOption = [
  '--port <port>',
  'port to listen on; 0 for any free port',
  parsePort,
] as const;

function parsePort(text: string): number {
  if (/^\d{1,5}$/.test(text) && Number(text) < 65_536) return Number(text);
  throw new InvalidArgumentError('A port is a number from 0 to 65535.');
}
