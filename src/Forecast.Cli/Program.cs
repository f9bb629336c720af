using Forecast.Backtest.Wrappers;
using Forecast.Cli;

return await CommandLine.RunAsync(args, PlatformCatalogue.All);
