using Spectre.Console;

namespace Forecast.Cli.Output;

/// <summary>What people see. Results go to standard output, everything about the way there to standard error.</summary>
internal static class Terminal
{
    /// <summary>For progress and remarks.</summary>
    public static IAnsiConsole Error { get; } = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error), Ansi = Support(Console.IsErrorRedirected) });

    /// <summary>For results; wide when nobody watches, so that tables in logs keep their columns.</summary>
    public static IAnsiConsole Out { get; } = CreateOut();

    public static bool Watched => !Console.IsErrorRedirected && Error.Profile.Capabilities.Interactive;

    /// <summary>A number for people: six significant digits, a dash for none.</summary>
    public static string Number(double value) => double.IsFinite(value) ? value.ToString("G6") : "-";

    public static Table Table(params string[] columns)
    {
        var table = new Table().Border(TableBorder.Simple);
        for (var i = 0; i < columns.Length; i++)
        {
            var column = new TableColumn(Markup.Escape(columns[i]));
            table.AddColumn(i == 0 ? column : column.RightAligned());
        }

        return table;
    }

    /// <summary>No control codes into files and pipes.</summary>
    private static AnsiSupport Support(bool redirected) => redirected ? AnsiSupport.No : AnsiSupport.Detect;

    private static IAnsiConsole CreateOut()
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Out), Ansi = Support(Console.IsOutputRedirected) });
        if (Console.IsOutputRedirected) console.Profile.Width = 200;
        return console;
    }
}
