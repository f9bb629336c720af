using System.CommandLine;
using System.Runtime.InteropServices;
using Forecast.Api;
using Forecast.Core;
using Forecast.Hosting;
using Forecast.Models.Catalogue;

namespace Forecast.Cli.Commands;

/// <summary><c>forecast serve</c>: the API, the web pages and the work behind them, until Ctrl-C or SIGTERM.</summary>
internal static class ServeCommand
{
    private const int LastPort = 65_535;

    public static Command Create(ModelCatalogue catalogue)
    {
        var port = new Option<int>("--port") { Description = "Port on 127.0.0.1; 0 = any free one", DefaultValueFactory = _ => 8080 };
        var web = new Option<string?>("--web") { Description = "Folder of the built web pages; default web/dist of the platform" };
        var workers = new Option<int>("--workers") { Description = "Work items done at once", DefaultValueFactory = _ => Environment.ProcessorCount };
        var device = new DeviceOption();
        var command = new Command("serve", "Serve the API and the web pages on this machine") { port, web, workers };
        device.AddTo(command);
        command.SetAction(async (parsed, cancellation) =>
        {
            var (number, count, folder) = (parsed.GetValue(port), parsed.GetValue(workers), parsed.GetValue(web));
            if (number is < 0 or > LastPort) throw new ForecastException("port-invalid", $"port is {number}; it must be 0 to {LastPort}", "port");
            if (count < 1) throw new ForecastException("workers-invalid", $"workers is {count}; it must be at least 1", "workers");
            if (folder is not null && !File.Exists(Path.Combine(folder, "index.html"))) throw new ForecastException("web-missing", $"folder '{folder}' has no index.html; build the pages first", "web");
            await using var platform = await EmbeddedPlatform.OpenAsync(catalogue, count, cancellation, device.Resolve(parsed));
            await ServeAsync(platform, new ApiOptions { Port = number, Web = folder ?? ForecastHome.Web }, cancellation);
            return 0;
        });
        return command;
    }

    /// <summary>Ends well on either signal: jobs that are being worked on are handed back to the store.</summary>
    private static async Task ServeAsync(EmbeddedPlatform platform, ApiOptions options, CancellationToken cancellation)
    {
        await using var app = ApiHost.Build(platform, options);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        await app.StartAsync(cancellation);
        await Console.Out.WriteLineAsync($"Forecast serves {app.Urls.First()} (Ctrl-C ends it)");
        await Task.Delay(Timeout.Infinite, stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await app.StopAsync(CancellationToken.None);

        void Stop(PosixSignalContext context)
        {
            context.Cancel = true;
            stop.Cancel();
        }
    }
}
