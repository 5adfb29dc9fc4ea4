using OpsAgent.Doers.RucioSnapshot;

return await SnapshotCommand.RunAsync(args, Console.Out, Console.Error);
