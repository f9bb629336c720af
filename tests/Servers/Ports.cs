using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Forecast.Tests.Servers;

/// <summary>
/// Free ports below those that the kernel gives to outgoing connections: a server that is down for a while finds its port free again,
/// and nobody who tries to reach it meanwhile is connected to himself.
/// </summary>
internal static class Ports
{
    private const int First = 15_000;
    private const int Last = 31_000;

    public static int Free()
    {
        while (true)
        {
            var port = Random.Shared.Next(First, Last);
            try
            {
                using var listener = new TcpListener(IPAddress.Loopback, port);
                listener.Start();
                return port;
            }
            catch (SocketException)
            {
                // Taken: try another.
            }
        }
    }

    public static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
