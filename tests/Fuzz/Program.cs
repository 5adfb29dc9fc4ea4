return OpsAgent.Tests.Fuzz.FuzzProgram.Run(args, Console.Out, TimeProvider.System);
