export const demo = async (_args: string[]): Promise<number> => 0
