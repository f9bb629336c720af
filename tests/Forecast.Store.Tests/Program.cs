using Forecast.Store.Tests.Support;
using Xunit.MicrosoftTestingPlatform;
using Xunit.Runner.InProc.SystemConsole;

if (args is [ChildProcess.Verb, .. var rest]) return await ChildProcess.RunAsync(rest);
return args.Contains("--server", StringComparer.Ordinal)
    ? await TestPlatformTestFramework.RunAsync(args, (_, _) => { })
    : await ConsoleRunner.Run(args);
