/** Whether somebody else's scene is open, so that the way back to the own cluster is offered. */
export const visit: { isGuest: boolean } = $state({ isGuest: false })
