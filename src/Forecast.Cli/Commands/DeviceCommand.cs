using System.CommandLine;
using System.Runtime.InteropServices;
using Forecast.Cli.Output;
using Forecast.Models.Engine;
using Spectre.Console;

namespace Forecast.Cli.Commands;

/// <summary><c>forecast device</c>: what runs the networks here. A missing engine is an answer, not a failure: the rest works without it.</summary>
internal static class DeviceCommand
{
    public static Command Create()
    {
        var json = new Option<bool>("--json") { Description = "The same for programs" };
        var command = new Command("device", "List tensor engines, their versions, devices and memory") { json };
        command.SetAction(parsed =>
        {
            var engine = TensorEngine.Describe();
            var host = HostReport.Cpu();
            if (parsed.GetValue(json))
            {
                var runtime = new { framework = RuntimeInformation.FrameworkDescription, os = RuntimeInformation.OSDescription, processor = host.Description, host.MemoryTotal, host.MemoryFree };
                Json.Print(new { runtime, engines = new[] { engine } });
                return 0;
            }

            Line("runtime", $"{RuntimeInformation.FrameworkDescription} on {RuntimeInformation.OSDescription}");
            Line("processor", $"{host.Description}, {Memory(host)}");
            Show(engine);
            return 0;
        });
        return command;
    }

    private static void Show(EngineReport engine)
    {
        if (!engine.Available)
        {
            Line("engine", $"{engine.Name}: not available");
            Line("", engine.Reason ?? "");
            Line("", "Models that are no networks work without it.");
            return;
        }

        Line("engine", $"{engine.Name} {engine.Version}");
        if (engine.Library is { } library) Line("library", library);
        Line("threads", $"{engine.Threads} in an operator, {engine.InteropThreads} operators side by side");
        Line("blas", engine.Blas ?? "built in");
        Line("cuda", engine.Cuda is null ? "none" : $"{engine.Cuda}, cuDNN {engine.Cudnn ?? "none"}");
        foreach (var device in engine.Devices) Line("device", $"{device.Name}: {device.Description}, {Memory(device)}");
    }

    private static string Memory(DeviceReport device) => device switch
    {
        { MemoryTotal: { } total, MemoryFree: { } free } => $"{Gib(total)} GiB, {Gib(free)} free",
        { MemoryTotal: { } total } => $"{Gib(total)} GiB",
        _ => "memory not known",
    };

    private static string Gib(long bytes) => (bytes / (double)(1L << 30)).ToString("F1");

    private static void Line(string label, string text) => Terminal.Out.WriteLine($"{label,-10}{text}");
}
