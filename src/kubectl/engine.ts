/** What kubectl uses of the engine, in one place. */
export * from '#engine'
