// Filled by the room's owner.
export interface StsPort {}
