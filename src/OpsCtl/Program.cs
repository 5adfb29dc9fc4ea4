using OpsAgent.OpsCtl;

return await OpsCtlProgram.RunAsync(args, Surroundings.OfThisProcess());
