using OpsAgent.Doers.PayloadLog;

return await PayloadLogCommand.RunAsync(args, Console.Out, Console.Error);
