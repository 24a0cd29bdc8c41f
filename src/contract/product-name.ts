/** The product's name on screens, in forms, mails, PDF files and authenticator apps, unless a server sets another. */
export const defaultProductName = 'SameGoal';
