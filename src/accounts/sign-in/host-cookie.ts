/**
 * Names of our cookies. Over https they begin with `__Host-`: browsers then accept them from this host only, so
 * that another host of the same domain, such as a student's page, cannot replace a user's session or a sign-in in
 * progress. Such cookies are secure and have the path "/".
 */
export const hostCookie = (serverAddress: string, name: string): string =>
  `${serverAddress.startsWith('https:') ? '__Host-' : ''}${name}`;
