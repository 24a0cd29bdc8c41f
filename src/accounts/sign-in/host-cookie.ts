/**
 * The name of a cookie of ours, by the address of this server. Over https it begins with `__Host-`: browsers then
 * take it from this very host alone, so that no other one of the same domain, such as a page of students, can put a
 * session or a sign-in under way of its own in place of somebody's. Such a cookie is secure and has the path "/".
 */
export const hostCookie = (serverAddress: string, name: string): string =>
  `${serverAddress.startsWith('https:') ? '__Host-' : ''}${name}`;
