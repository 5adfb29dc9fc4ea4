using OpsAgent.Agent.Hosting;

#pragma warning disable RS0030 // this is the program's front end, the one place that talks to the console
return await AgentProgram.RunAsync(args, Console.Out, Console.Error);
