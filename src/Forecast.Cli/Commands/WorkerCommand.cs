using System.CommandLine;
using System.Runtime.InteropServices;
using Forecast.Cli.Output;
using Forecast.Core;
using Forecast.Hosting;
using Forecast.Hosting.Backtests;
using Forecast.Hosting.Queues;
using Forecast.Models.Catalogue;
using Forecast.Store;

namespace Forecast.Cli.Commands;

/// <summary><c>forecast worker --queues gpu,cpu</c>: does the work of the platform's back-tests, on any machine that reaches its store and broker.</summary>
internal static class WorkerCommand
{
    private static readonly string[] Known = ["cpu", "gpu"];

    public static Command Create(ModelCatalogue catalogue)
    {
        var queues = new Option<string?>("--queues") { Description = "cpu, gpu, or both in the order of preference; default what the device can do" };
        var parallel = new Option<int>("--parallel") { Description = "Work items done at once", DefaultValueFactory = _ => 1 };
        var device = new DeviceOption();
        var command = new Command("worker", "Do the work of back-tests that a broker hands out; one process a GPU") { queues, parallel };
        device.AddTo(command);
        command.SetAction(async (parsed, cancellation) =>
        {
            var own = device.Resolve(parsed);
            var names = Queues(parsed.GetValue(queues), own);
            var count = parsed.GetValue(parallel);
            if (count < 1) throw new ForecastException("parallel-invalid", $"parallel is {count}; it must be at least 1", "parallel");
            var address = ForecastHome.Broker ?? throw new ForecastException("broker-missing", "a worker takes its work from a broker; set FORECAST_BROKER to amqp://user:password@host:port/virtual-host", "broker");
            await using var store = await ForecastStores.OpenAsync(ForecastHome.Store, cancellation);
            await using var queue = new RabbitQueue(address, Trouble.Tell);
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
            using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
            await Console.Error.WriteLineAsync($"worker on {string.Join(", ", names)} of {queue.Location}, store {store.Location}, device {own} (Ctrl-C ends it)");
            await new QueueWorkers(store, queue, catalogue, Trouble.Tell) { Device = own }.RunAsync(names, count, told: null, stop.Token);
            return 0;

            void Stop(PosixSignalContext context)
            {
                context.Cancel = true;
                stop.Cancel();
            }
        });
        return command;
    }

    private static string[] Queues(string? text, string device)
    {
        var gpu = device.StartsWith("cuda", StringComparison.Ordinal);
        if (text is null) return gpu ? ["gpu", "cpu"] : ["cpu"];
        var names = text.Split(',', StringSplitOptions.TrimEntries);
        foreach (var name in names)
        {
            if (!Known.Contains(name, StringComparer.Ordinal)) throw new ForecastException("queue-unknown", $"there is no queue '{name}'; known are {string.Join(", ", Known)}", "queues");
            if (name == "gpu" && !gpu) throw new ForecastException("queue-device", $"a worker on {device} cannot serve the queue gpu; give --device cuda, cuda:N or auto on a machine that has one", "queues");
        }

        return [.. names.Distinct(StringComparer.Ordinal)];
    }
}
