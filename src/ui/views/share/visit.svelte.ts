/** Whether somebody else's scene is open, and whether the way back to the own cluster is offered. */
export const visit: { isScene: boolean; isOffered: boolean } = $state({ isScene: false, isOffered: false })
