using OpsAgent.Doers.SubmitTask;

return await SubmitTaskCommand.RunAsync(args, Console.Out, Console.Error);
