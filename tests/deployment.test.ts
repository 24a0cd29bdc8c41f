import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect, it } from 'vitest';

import { projectRoot } from './house/source-file.ts';

const readLines = (path: string): readonly string[] =>
  readFileSync(join(projectRoot, path), 'utf8')
    .split('\n')
    .map((line) => line.trim());

it('the Dockerfile copies what it names, never the whole folder', () => {
  const copied = readLines('Dockerfile').filter((line) => /^(?:COPY|ADD)\b/.test(line));
  expect(copied).not.toEqual([]);
  expect(copied.filter((line) => /^ADD\b|\s(?:\.|\.\/|\*)\s+\S+$/.test(line))).toEqual([]);
});

it('the image runs as a user that is not root', () => {
  const lines = readLines('Dockerfile');
  const last = lines.slice(lines.findLastIndex((line) => line.startsWith('FROM ')));
  expect(last.filter((line) => line.startsWith('USER '))).toEqual(['USER node']);
});

it.each([
  /^NoNewPrivileges=true$/,
  /^CapabilityBoundingSet=$/,
  /^ProtectSystem=strict$/,
  /^ProtectProc=invisible$/,
  /^ProtectKernelTunables=true$/,
  /^ProtectKernelModules=true$/,
  /^ProtectKernelLogs=true$/,
  /^RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX AF_NETLINK$/,
  /^RestrictNamespaces=true$/,
  /^SystemCallFilter=@system-service$/,
  /^MemoryMax=\d+G$/,
  /^LimitCORE=0$/,
  /^UMask=0077$/,
  /^StateDirectoryMode=0700$/,
])('the systemd service has only the permissions that it needs: %s', (expected) => {
  expect(readLines('deploy/daybreak.service').some((line) => expected.test(line))).toBe(true);
});
