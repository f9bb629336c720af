using Forecast.Api.Tests.Support;

namespace Forecast.Api.Tests.Operations;

/// <summary>A server that is told to do what it must not, or what it does not know, does not start.</summary>
public sealed class ServeOptionTests
{
    [Theory]
    [InlineData("a server on 0.0.0.0 can be reached by others, so it needs keys; leave --access open to 127.0.0.1", "--listen", "0.0.0.0", "--access", "open")]
    [InlineData("access is 'never'; it must be auto, keys or open", "--access", "never")]
    [InlineData("listen is 'everywhere'; it must be an address of this machine, as 127.0.0.1 or 0.0.0.0", "--listen", "everywhere")]
    [InlineData("logs is 'loud'; it must be text or json", "--logs", "loud")]
    public async Task What_is_wrong_is_told_at_the_start(string message, params string[] options)
    {
        var home = Directory.CreateTempSubdirectory("forecast-serve-").FullName;
        try
        {
            var (code, _, error) = await CommandLine.RunAsync(home, ["serve", .. options]);
            code.ShouldBe(2);
            error.ShouldContain(message);
        }
        finally
        {
            Directory.Delete(home, recursive: true);
        }
    }
}
