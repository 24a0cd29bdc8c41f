/** Every endpoint of the API, in the order of its documentation. */
import {
  exportAudit,
  listAudit,
  listAuditPeople,
  listVendorAudit,
  listVendorAuditPeople,
} from './audit.ts';
import {
  changeName,
  changePassword,
  confirmTwoFactor,
  endEverySession,
  endSession,
  getAccount,
  listSessions,
  renewBackupCodes,
  startTwoFactor,
  turnTwoFactorOff,
} from './account.ts';
import { getDistrict, listDistricts } from './districts.ts';
import type { Endpoint } from './endpoint.ts';
import { getHealth } from './health.ts';
import { getLatestImport } from './imports.ts';
import {
  acceptInvitation,
  changePerson,
  getInvitation,
  invite,
  listPeople,
  removePerson,
  resendInvitation,
  setLock,
  setTwoFactorRule,
  turnPersonsTwoFactorOff,
  withdrawInvitation,
} from './people.ts';
import {
  getSession,
  requestNewPassword,
  setNewPassword,
  signIn,
  signOut,
  takeSecondStep,
} from './session.ts';
import {
  finishSignOn,
  getSignOnOffer,
  getSignOnSettings,
  setSignOnSettings,
  startSignOn,
} from './sign-on.ts';
import { getStudentBasics } from './student-basics.ts';
import { getStudent, listStudents } from './students.ts';

export const endpoints = {
  getSession,
  signIn,
  takeSecondStep,
  signOut,
  requestNewPassword,
  setNewPassword,
  getSignOnOffer,
  startSignOn,
  finishSignOn,
  getInvitation,
  acceptInvitation,
  getAccount,
  changeName,
  changePassword,
  startTwoFactor,
  confirmTwoFactor,
  turnTwoFactorOff,
  renewBackupCodes,
  listSessions,
  endSession,
  endEverySession,
  listPeople,
  changePerson,
  removePerson,
  setLock,
  turnPersonsTwoFactorOff,
  setTwoFactorRule,
  invite,
  resendInvitation,
  withdrawInvitation,
  getSignOnSettings,
  setSignOnSettings,
  listDistricts,
  getDistrict,
  listStudents,
  getStudent,
  getStudentBasics,
  getLatestImport,
  listAudit,
  listAuditPeople,
  exportAudit,
  listVendorAudit,
  listVendorAuditPeople,
  getHealth,
} as const satisfies Readonly<Record<string, Endpoint>>;
