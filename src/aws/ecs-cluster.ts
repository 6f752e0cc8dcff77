// Filled by the room's owner.
export interface EcsClusterPort {}
