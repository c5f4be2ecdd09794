"""What systems write, in the form of their own programs; names and addresses are made up.

Linux: this project's own machines. Windows and macOS: forms that public pages show, not captured
here.
"""

PROC_ROUTE = """\
Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT
wlp2s0\t00000000\t0101A8C0\t0003\t0\t0\t600\t00000000\t0\t0\t0
enp3s0\t00000000\tFE00A8C0\t0003\t0\t0\t100\t00000000\t0\t0\t0
tun0\t00000000\t00000000\t0001\t0\t0\t50\t00000000\t0\t0\t0
enp3s0\t0000A8C0\t00000000\t0001\t0\t0\t100\t00FFFFFF\t0\t0\t0
"""
IP_ROUTE = """\
default via 192.168.1.1 dev wlan0 proto dhcp src 192.168.1.50 metric 600
default via 192.168.0.254 dev eth0 proto dhcp metric 100
"""
MACOS_ROUTE = """\
   route to: default
destination: default
       mask: default
    gateway: 192.168.1.1
  interface: en0
      flags: <UP,GATEWAY,DONE,STATIC,PRCLONING,GLOBAL>
"""
WINDOWS_ROUTE_FR = """\
IPv4 Table de routage
===========================================================================
Itinéraires actifs :
Destination réseau    Masque réseau  Adr. passerelle   Adr. interface Métrique
          0.0.0.0          0.0.0.0      192.168.1.1     192.168.1.57     35
          0.0.0.0          0.0.0.0    192.168.0.254     192.168.0.20     25
        127.0.0.0        255.0.0.0         On-link         127.0.0.1    331
"""
PROC_ARP = """\
IP address       HW type     Flags       HW address            Mask     Device
192.168.1.10     0x1         0x2         3c:58:c2:11:22:33     *        wlan0
192.168.1.1      0x1         0x2         1c:61:b4:10:20:30     *        wlan0
"""
MACOS_ARP = "? (192.168.1.1) at 1c:61:b4:1:2:3 on en0 ifscope [ethernet]\n"
WINDOWS_ARP = "  192.168.1.1           1c-61-b4-10-20-30     dynamique\n"

IW_LINK = """\
Connected to 1c:61:b4:10:20:31 (on wlan0)
\tSSID: Chez Nous
\tfreq: 5180
\tRX: 41023 bytes (312 packets)
\tTX: 20511 bytes (190 packets)
\tsignal: -63 dBm
\trx bitrate: 702.0 MBit/s VHT-MCS 8 80MHz VHT-NSS 2
\ttx bitrate: 780.0 MBit/s VHT-MCS 8 80MHz short GI VHT-NSS 2
"""
PROC_WIRELESS = """\
Inter-| sta-|   Quality        |   Discarded packets               | Missed | WE
 face | tus | link level noise |  nwid  crypt   frag  retry   misc | beacon | 22
 wlan0: 0000   47.  -63.  -256        0      0      0      0     37        0
 wlan1: 0000   47.  193.  -256        0      0      0      0     37        0
"""
NMCLI = """\
no:Voisin:2412 MHz:130 Mbit/s
yes:Chez\\:Nous:5955 MHz:1200 Mbit/s
"""
NETSH_FR = """\
Il existe 1 interface sur le système :

    Nom                    : Wi-Fi
    Description            : Intel(R) Wi-Fi 6 AX201 160MHz
    Adresse physique       : 3c:58:c2:11:22:33
    État                   : connecté
    SSID                   : Chez Nous
    BSSID                  : 1c:61:b4:10:20:31
    Type de radio          : 802.11ax
    Canal                  : 6
    Réception (Mbits/s)    : 573.5
    Transmission (Mbits/s) : 516
    Signal                 : 82 %
    Profil                 : Chez Nous
"""
NETSH_EN_NEW = """\
There is 1 interface on the system:

    Name                   : Wi-Fi
    State                  : connected
    SSID                   : HomeNet
    AP BSSID               : 1c:61:b4:10:20:31
    Band                   : 5 GHz
    Channel                : 132
    Receive rate (Mbps)    : 344
    Transmit rate (Mbps)   : 310
    Signal                 : 72%
    Rssi                   : -70
    Profile                : HomeNet
"""
NETSH_OFF = """\
There is 1 interface on the system:

    Name                   : Wi-Fi
    State                  : disconnected
"""
SYSTEM_PROFILER = """\
Wi-Fi:
      Interfaces:
        en0:
          Card Type: Wi-Fi
          Status: Connected
          Current Network Information:
            <redacted>:
              PHY Mode: 802.11ax
              Channel: 36 (5GHz, 80MHz)
              Network Type: Infrastructure
              Signal / Noise: -53 dBm / -92 dBm
              Transmit Rate: 866
          Other Local Wi-Fi Networks:
            Voisin:
              Channel: 1 (2GHz, 20MHz)
              Signal / Noise: -80 dBm / -92 dBm
"""
HARDWARE_PORTS = """\

Hardware Port: Ethernet
Device: en5
Ethernet Address: 3c:58:c2:00:00:01

Hardware Port: Wi-Fi
Device: en0
Ethernet Address: 3c:58:c2:00:00:02
"""
PING_LINUX = """\
PING 192.168.1.1 (192.168.1.1) 56(84) bytes of data.
64 bytes from 192.168.1.1: icmp_seq=1 ttl=64 time=1.54 ms
64 bytes from 192.168.1.1: icmp_seq=3 ttl=64 time=0.80 ms

--- 192.168.1.1 ping statistics ---
4 packets transmitted, 2 received, 50% packet loss, time 602ms
rtt min/avg/max/mdev = 0.800/1.170/1.540/0.370 ms
"""
PING_MACOS = """\
PING 192.168.1.1 (192.168.1.1): 56 data bytes
64 bytes from 192.168.1.1: icmp_seq=0 ttl=64 time=2.104 ms
64 bytes from 192.168.1.1: icmp_seq=1 ttl=64 time=1.980 ms
"""
PING_WINDOWS_FR = """\
Envoi d’une requête 'Ping'  192.168.1.1 avec 32 octets de données :
Réponse de 192.168.1.1 : octets=32 temps=2 ms TTL=64
Réponse de 192.168.1.1 : octets=32 temps<1ms TTL=64
Délai d’attente de la demande dépassé.
"""
TRACEROUTE = """\
traceroute to 9.9.9.9 (9.9.9.9), 20 hops max, 60 byte packets
 1  192.168.1.1  1.210 ms
 2  *
 3  203.0.113.1  8.900 ms
"""
TRACERT_FR = """\
Détermination de l’itinéraire vers 9.9.9.9 avec un maximum de 20 sauts

  1     1 ms    <1 ms     1 ms  192.168.1.1
  2     *        *        *     Délai d’attente de la demande dépassé.
  3     9 ms     8 ms     9 ms  9.9.9.9
"""
