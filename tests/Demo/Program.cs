using OpsAgent.Tests.Demo;

return await DemoProgram.RunAsync(args, new Voice(Console.Out, TimeProvider.System));
