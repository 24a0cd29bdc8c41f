/** Every endpoint of the API, in the order of its documentation. */
import {
  exportAudit,
  listAudit,
  listAuditPeople,
  listVendorAudit,
  listVendorAuditPeople,
} from './audit.ts';
import { getDistrict, listDistricts } from './districts.ts';
import type { Endpoint } from './endpoint.ts';
import { getHealth } from './health.ts';
import { getLatestImport } from './imports.ts';
import { getSession, signIn, signOut } from './session.ts';
import { getStudentBasics } from './student-basics.ts';
import { getStudent, listStudents } from './students.ts';

export const endpoints = {
  getSession,
  signIn,
  signOut,
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
