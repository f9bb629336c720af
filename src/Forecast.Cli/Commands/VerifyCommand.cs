using System.CommandLine;
using Forecast.Cli.Output;
using Forecast.Core;
using Forecast.Models.Training;
using Forecast.Models.Verification;
using Spectre.Console;

namespace Forecast.Cli.Commands;

/// <summary><c>forecast verify FILE --model M</c>: a network against results that its authors' code gave.</summary>
internal static class VerifyCommand
{
    public static Command Create()
    {
        var file = new Argument<string>("FILE") { Description = "Safetensors file with golden.input.*, golden.output.* and golden.mid.*" };
        var model = new Option<string?>("--model", "-m") { Description = "Network to run; left out: by the file's family" };
        var weights = new Option<string?>("--weights") { Description = "Folder or file of weights, for files that hold none" };
        var tolerance = new Option<double?>("--tolerance") { Description = "Greatest relative difference of a result (gradients: ten times it); default 1e-5" };
        var device = new DeviceOption();
        var json = new Option<bool>("--json") { Description = "Every tensor's differences as JSON" };
        var command = new Command("verify", "Run a network on golden inputs and compare every result") { file, model, weights, tolerance };
        device.AddTo(command);
        command.Add(json);
        command.SetAction(parsed =>
        {
            var limit = parsed.GetValue(tolerance) ?? new GoldenTolerance().Forward;
            if (!(limit >= 0)) throw new ForecastException("tolerance-invalid", $"--tolerance is {limit}; it must be at least 0", "tolerance");
            var place = TorchDevice.Open(device.Resolve(parsed));
            using var golden = GoldenFile.Open(parsed.GetValue(file)!, parsed.GetValue(weights), place);
            var report = GoldenReport.Make(golden, parsed.GetValue(model), new GoldenTolerance(limit));
            if (parsed.GetValue(json)) Print(golden, report);
            else Show(report);
            return report.Passed ? 0 : 1;
        });
        return command;
    }

    private static void Print(GoldenFile golden, GoldenReport report) => Json.Print(new
    {
        file = Path.GetFileName(golden.Path),
        report.Model,
        report.Family,
        device = golden.Device.ToString(),
        report.Passed,
        tensors = report.Tensors.Select(t => new { t.Name, t.Shape, t.MaxAbsolute, t.MaxRelative, t.Tolerance, t.Within, t.Note }),
        exceeded = report.Tensors.Where(t => !t.Within).Select(t => t.Name),
    });

    private static void Show(GoldenReport report)
    {
        var table = Terminal.Table("tensor", "shape", "max abs", "max rel", "tolerance", "");
        foreach (var t in report.Tensors)
            table.AddRow(Markup.Escape(t.Name), Markup.Escape($"[{string.Join(',', t.Shape)}]"), Terminal.Number(t.MaxAbsolute), Terminal.Number(t.MaxRelative), Terminal.Number(t.Tolerance), Markup.Escape(t.Note ?? (t.Within ? "" : "EXCEEDED")));
        Terminal.Out.Write(table);
        var failed = report.Tensors.Count(t => !t.Within);
        Terminal.Out.WriteLine(failed == 0 ? $"all {report.Tensors.Count} tensors of {report.Model} are within their tolerance" : $"{failed} of {report.Tensors.Count} tensors of {report.Model} are not within their tolerance");
    }
}
